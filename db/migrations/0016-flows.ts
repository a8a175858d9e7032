import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Flows extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0016-flows.sql', import.meta.url), 'utf8'))
  }
}
