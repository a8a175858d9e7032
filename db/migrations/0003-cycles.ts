import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Cycles extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0003-cycles.sql', import.meta.url), 'utf8'))
  }
}
