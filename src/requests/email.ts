/**
 * An address as RFC 5321 writes it without quotes: any of the characters of RFC 5322's atoms before the "@", also the "&" and
 * "'" of names of firms and people; after it a domain of at least two labels.
 */
export const emailPattern =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])$/
