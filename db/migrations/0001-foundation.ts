import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Foundation extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0001-foundation.sql', import.meta.url), 'utf8'))
  }
}
