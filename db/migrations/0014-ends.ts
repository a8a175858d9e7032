import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Ends extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0014-ends.sql', import.meta.url), 'utf8'))
  }
}
