import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Processes extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0002-processes.sql', import.meta.url), 'utf8'))
  }
}
