import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Dashboards extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0010-dashboards.sql', import.meta.url), 'utf8'))
  }
}
