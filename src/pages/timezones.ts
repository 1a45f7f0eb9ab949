/** Names of today for places whose former names Intl lists. */
const presentNames = [
  ...['Africa/Asmara', 'America/Argentina/Buenos_Aires', 'America/Argentina/Catamarca', 'America/Argentina/Cordoba'],
  ...['America/Argentina/Jujuy', 'America/Argentina/Mendoza', 'America/Atikokan', 'America/Indiana/Indianapolis'],
  ...['America/Kentucky/Louisville', 'America/Nuuk', 'Asia/Ho_Chi_Minh', 'Asia/Kathmandu', 'Asia/Kolkata', 'Asia/Yangon'],
  ...['Atlantic/Faroe', 'Europe/Kyiv', 'Pacific/Chuuk', 'Pacific/Kanton', 'Pacific/Pohnpei', 'UTC'],
] // biome-ignore format: a list reads better in few lines

/** What can be typed as a time zone, under the former names as well as under those of today. */
export const timezones: readonly string[] = [
  ...new Set([...Intl.supportedValuesOf('timeZone'), ...presentNames]),
].sort()
