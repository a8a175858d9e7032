import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cityOf, nameZone, timeZones } from '../../pwa/src/lib/reports/time-zones.ts'

const summer = new Date('2026-07-01T12:00:00Z')
const winter = new Date('2026-12-01T12:00:00Z')

test('a time zone is named by its city and by how far it is from UTC at that time of the year', () => {
  assert.equal(nameZone('Europe/Moscow', 'en', winter), 'Moscow (UTC+3)')
  assert.equal(nameZone('Europe/Moscow', 'ru', winter), 'Москва (UTC+3)')
  assert.equal(nameZone('America/New_York', 'en', winter), 'New York (UTC−5)')
  assert.equal(nameZone('America/New_York', 'en', summer), 'New York (UTC−4)')
  assert.equal(nameZone('Asia/Kolkata', 'ru', winter), 'Kolkata (UTC+5:30)')
  assert.equal(nameZone('UTC', 'ru', winter), 'UTC')
  assert.equal(cityOf('America/Argentina/Buenos_Aires', 'en'), 'Buenos Aires')
})

test('zones are chosen by name: one’s own first, each once, none shown as a bare id', () => {
  const zones = timeZones('Asia/Omsk', 'Europe/Paris', 'ru', winter)
  assert.deepEqual(
    zones.slice(0, 3).map(({ name }) => name),
    ['Омск (UTC+6)', 'Paris (UTC+1)', 'Калининград (UTC+2)'],
  )
  assert.equal(new Set(zones.map(({ zone }) => zone)).size, zones.length)
  assert.equal(new Set(zones.map(({ name }) => name)).size, zones.length)
  assert.ok(zones.length > 300)
  for (const { zone, name } of zones) assert.ok(name !== zone || zone === 'UTC', name)
})
