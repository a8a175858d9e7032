import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Reports extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0006-reports.sql', import.meta.url), 'utf8'))
  }
}
