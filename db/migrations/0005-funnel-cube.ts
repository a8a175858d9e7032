import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class FunnelCube extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0005-funnel-cube.sql', import.meta.url), 'utf8'))
  }
}
