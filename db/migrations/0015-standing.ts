import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Standing extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0015-standing.sql', import.meta.url), 'utf8'))
  }
}
