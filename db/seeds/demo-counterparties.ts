import { type Random, randomStream } from './demo-random.ts'
import { fictitiousInn, fictitiousKpp, fictitiousOgrn } from './demo-requisites.ts'

export type CounterpartySeed = {
  readonly id: number
  readonly name: string
  readonly inn: string
  readonly kpp: string
  readonly ogrn: string
  readonly address: string
  readonly phone: string
  readonly email: string
  readonly side: 'center' | 'south'
  /** How often it buys, relative to the others. */
  readonly weight: number
  readonly contacts: readonly ContactSeed[]
}
export type ContactSeed = {
  readonly id: number
  readonly name: string
  readonly position: string
  readonly phone: string
  readonly email: string
}

type City = { readonly name: string; readonly region: string; readonly dial: string; readonly side: 'center' | 'south' }
const cities: readonly City[] = [
  ...places(
    'center',
    'Москва 77 495 Нижний_Новгород 52 831 Казань 16 843 Самара 63 846 Тольятти 63 848 Ульяновск 73 842 Саратов 64 845',
  ),
  ...places(
    'center',
    'Пенза 58 841 Чебоксары 21 835 Ярославль 76 485 Тула 71 487 Рязань 62 491 Пермь 59 342 Екатеринбург 66 343',
  ),
  ...places('south', 'Волгоград 34 844 Астрахань 30 851 Ростов-на-Дону 61 863 Краснодар 23 861 Ставрополь 26 865 Воронеж 36 473'),
]

const trades: readonly (readonly [kind: string, names: string])[] = [
  ['Молочный комбинат', 'Заречье,Белая Русь,Луговой,Ярославна,Утренний,Три родника'],
  ['Сыродельный завод', 'Радуга,Верховье,Старая ферма'],
  ['Птицефабрика', 'Степная,Приволье,Красный Яр,Чистые пруды'],
  ['Мясокомбинат', 'Прихопёрский,Дубрава,Вольный,Богатырь'],
  ['Хлебозавод', '№ 3,№ 7,Колос,Нива,Золотая корка'],
  ['Кондитерская фабрика', 'Забава,Северная пчела,Ладушка,Карамель,Русский мёд'],
  ['Пивоварня', 'Старая слобода,Ямская,Бочка и солод,Речной порт'],
  ['Завод минеральных вод', 'Горный ключ,Кристальный,Живой родник'],
  ['Масложиркомбинат', 'Подсолнух,Южный,Заволжский'],
  ['Консервный завод', 'Садовый,Кубанский урожай,Огородник'],
  ['Агрохолдинг', 'Степь,Донские нивы,Поволжье-Агро,Чернозём,Русское поле'],
  ['Рыбокомбинат', 'Каспий,Дельта,Астраханский улов'],
  ['Фабрика мороженого', 'Снежинка,Полярный день'],
  ['Тепличный комбинат', 'Зелёная линия,Рассвет,Солнечный'],
]
const words =
  'Вектор Плюс,Северный лес,ТехноПарк-Юг,Камский завод,Уралэнергомаш,ФармаЛайн,Аптекарь,БытХимПром,ЧистоДом,Лакокраска,ПромСмазка,СтройСмеси,' +
  'Сухие смеси Поволжья,Гидроизол,Агрохимия,Зерновой двор,Мельница,Крупяной дом,Чайная мануфактура,Кофейный цех,Соль и специи,Приправа,Детское питание,' +
  'Здоровая еда,Полуфабрикат,Пельменная мануфактура,Замороженные продукты,Ореховый двор,Снэк-Фуд,Сухофрукты Юга,Напитки Волги,Лимонадная компания,' +
  'Виноградный дом,Квасной двор,Косметика Природы,Мыловарня,Гигиена-Сервис,Бумажный дом,Картонтара,Полимерпак,Тара-Логистик,Складской терминал,' +
  'Логистика Юг,Волжский терминал,Дальний рейс,Метизный завод,Крепёж-Центр,Инструмент-Торг,Кабельная компания,Светотехника,Автокомпонент,Резинотехника,' +
  'Пластик-Сервис,Сельхозмаш,Зоокорм,Комбикормовый двор,Семена Дона,Удобрения Плюс,Ветпрепарат,Медтехника,Биопрепарат,Фитосбор,Медпак,Стеклотара,' +
  'Керамика Юга,Плитка и камень,Деревообработка,Мебельная линия,Текстиль-Пак,Швейный дом,Игрушка,Канцелярский двор,Типография Слово,Этикетка Плюс,' +
  'Торговый путь,Оптовик Поволжья,Продбаза,Южный опт,Центропродукт,Кулинар,Комбинат питания,Школьное питание,Столичный вкус,Хозяюшка,Домашний погребок,' +
  'Лесная ягода,Грибная артель,Медовый край,Пасека,Тёплый хлеб,Бакалея,Русский чай,Родник-Торг,Балтика Трейд,Сибирский ключ,Парус,Маяк,Причал,Затон,Утёс,' +
  'Орион-Фуд,Сатурн-Опт,Заря-Агро,Восход,Прогресс-Пак,Горизонт,Эталон-Сервис,Форвард-Трейд,Ромашка-Фуд,Клевер,Ковыль,' +
  'Берёзовая роща,Липовый цвет,Ключевой,Набережный,Белый парус,Речная компания,Степной ветер,Дон-Продукт,Каспий-Трейд,Жигулёвский двор,Ока-Продукт,' +
  'Кама-Пак,Свияга,Сурский край,Хопёр-Агро,Медведица'
const forms = ['ООО', 'ООО', 'ООО', 'ООО', 'АО', 'АО', 'ПАО', 'ГК']
const streets = [
  'ул. Заводская',
  'ул. Промышленная',
  'ул. Индустриальная',
  'пр-т Строителей',
  'ул. Складская',
  'Северный проезд',
  'ш. Энтузиастов',
  'ул. Речная',
]

const surnames =
  'Абрамов Балашов Власенко Галеев Давыдов Ершов Жданов Зотов Исаев Калинин Литвинов Миронов Назаров Осипов Панин Родионов Сазонов Тарасов Усманов Филатов Хохлов Цветков Шубин Юдин Яковлев'.split(
    ' ',
  )
const men = 'Алексей Борис Вадим Виталий Глеб Евгений Иван Константин Михаил Олег Рустам Семён Фёдор Юрий'.split(' ')
const women = 'Алина Вера Галина Дарья Жанна Инна Ксения Лариса Марина Нина Оксана Римма Софья Татьяна'.split(' ')
const posts = [
  'Директор по производству',
  'Главный инженер',
  'Начальник снабжения',
  'Технический директор',
  'Менеджер по закупкам',
  'Главный технолог',
  'Генеральный директор',
  'Начальник цеха',
]

/** The clients, believable and made up; the same ones every time. */
export function counterpartySeeds(): readonly CounterpartySeed[] {
  const random = randomStream(180)
  const names = [
    ...trades.flatMap(([kind, own]) =>
      own.split(',').map((name) => `${kind} ${name.startsWith('№') ? name.replace(' ', '\u00a0') : `«${name}»`}`),
    ),
    ...words.split(',').map((name) => `«${name}»`),
  ]
  let contactId = 0
  return names.map((name, index) => {
    const city = random.pick(cities)
    const serial = 101 + index * 37
    const domain = `client${index + 1}.example`
    const contacts = Array.from({ length: random.weigh([1, 2, 3], (count) => 4 - count) }, () =>
      contactOf(random, ++contactId, city, domain),
    )
    return {
      id: index + 1,
      name: name.startsWith('«') ? `${random.pick(forms)} ${name}` : `${random.chance(0.6) ? 'ООО' : 'АО'} ${name}`,
      inn: fictitiousInn(city.region, serial),
      kpp: fictitiousKpp(city.region),
      ogrn: fictitiousOgrn(city.region, random.whole(2002, 2022), serial),
      address: `г. ${city.name}, ${random.pick(streets)}, д. ${random.whole(1, 118)}`,
      phone: phoneOf(random, city),
      email: `info@${domain}`,
      side: city.side,
      weight: random.around(1, 0.9),
      contacts,
    }
  })
}

function contactOf(random: Random, id: number, city: City, domain: string): ContactSeed {
  const isMan = random.chance(0.55)
  const surname = random.pick(surnames)
  const name = `${random.pick(isMan ? men : women)} ${isMan ? surname : feminine(surname)}`
  return { id, name, position: random.pick(posts), phone: phoneOf(random, city), email: `contact${id}@${domain}` }
}

/** Numbers that begin with 000 behind the city's code are given to nobody. */
function phoneOf(random: Random, city: City): string {
  return `+7 ${city.dial} 000-${random.whole(10, 99)}-${random.whole(10, 99)}`
}

function feminine(surname: string): string {
  return surname.endsWith('ко') ? surname : `${surname}а`
}

function places(side: City['side'], line: string): readonly City[] {
  const parts = line.split(' ')
  return parts.flatMap((name, index) =>
    index % 3 === 0 ? [{ name: name.replace('_', ' '), region: parts[index + 1]!, dial: parts[index + 2]!, side }] : [],
  )
}
