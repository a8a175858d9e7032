import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class TypeChanges extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0009-type-changes.sql', import.meta.url), 'utf8'))
  }
}
