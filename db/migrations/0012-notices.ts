import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Notices extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0012-notices.sql', import.meta.url), 'utf8'))
  }
}
