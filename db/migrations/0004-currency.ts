import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Currency extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0004-currency.sql', import.meta.url), 'utf8'))
  }
}
