const latin: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}

/**
 * A login for a person of whom only the name is known: "Анна Петрова" -> "anna.petrova", with a number where it is taken.
 * @param taken logins in small letters; the new one is added
 */
export function uniqueLogin(name: string, taken: Set<string>): string {
  const letters = [...name.toLowerCase().normalize('NFKD')].map((letter) => latin[letter] ?? letter).join('')
  const base =
    letters
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '.')
      .replace(/^\.+|\.+$/g, '')
      .slice(0, 60) || 'employee'
  let login = base
  for (let number = 2; taken.has(login); number++) login = `${base}.${number}`
  taken.add(login)
  return login
}
