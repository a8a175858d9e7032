import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Forecast extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0008-forecast.sql', import.meta.url), 'utf8'))
  }
}
