/**
 * What the rules take from pg_catalog. Whatever is not here is not carried: a list of what is harmless grows by
 * need, a list of what is harmful is never complete.
 */

/** Types of columns; PostgreSQL 15's names. Registry types, pseudo-types and the catalogues' own are left out. */
export const builtinTypes: ReadonlySet<string> = new Set(
  (
    'bool bytea char bpchar varchar text name int2 int4 int8 float4 float8 numeric money oid ' +
    'date time timetz timestamp timestamptz interval json jsonb jsonpath xml uuid bit varbit ' +
    'point line lseg box path polygon circle inet cidr macaddr macaddr8 tsvector tsquery ' +
    'int4range int8range numrange tsrange tstzrange daterange ' +
    'int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange regclass'
  ).split(' '),
)

/** Types that PostgreSQL dropped, and the one that takes their text form (release notes of PostgreSQL 12). */
export const replacedTypes: ReadonlyMap<string, string> = new Map([
  ['abstime', 'pg_catalog.timestamptz'],
  ['reltime', 'pg_catalog.interval'],
  ['tinterval', 'pg_catalog.text'],
])

/** Functions without side effects, for defaults, checks, generated columns and indexes. */
export const harmlessFunctions: ReadonlySet<string> = new Set(
  (
    'now clock_timestamp statement_timestamp transaction_timestamp timeofday timezone age date_part date_trunc extract ' +
    'make_date make_time make_timestamp make_timestamptz make_interval to_char to_date to_timestamp to_number isfinite ' +
    'justify_days justify_hours justify_interval ' +
    'abs ceil ceiling floor round trunc sign mod div power sqrt cbrt exp ln log random greatest least ' +
    'lower upper initcap length char_length character_length octet_length bit_length btrim ltrim rtrim trim substr ' +
    'substring left right overlay position strpos replace reverse split_part translate concat concat_ws ascii chr md5 ' +
    'sha224 sha256 sha384 sha512 encode decode convert_from convert_to quote_literal quote_ident quote_nullable to_hex like_escape ' +
    'regexp_replace regexp_match regexp_split_to_array regexp_like textlike texticlike starts_with ' +
    'array_length array_upper array_lower array_ndims cardinality array_append array_prepend array_cat array_position array_remove ' +
    'array_to_string string_to_array ' +
    'json_build_object json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb json_array_length ' +
    'jsonb_array_length json_typeof jsonb_typeof jsonb_extract_path jsonb_extract_path_text json_extract_path ' +
    'json_extract_path_text jsonb_path_query_array jsonb_path_query_first jsonb_path_exists jsonb_strip_nulls jsonb_path_ops jsonb_object_keys ' +
    'to_tsvector to_tsquery plainto_tsquery setweight num_nonnulls num_nulls hashtext ' +
    'int4 int8 int2 float8 float4 numeric text varchar bpchar date timestamp timestamptz ' +
    'int4range int8range numrange tsrange tstzrange daterange isempty lower_inc upper_inc ' +
    'gen_random_uuid host family masklen network broadcast abbrev'
  ).split(' '),
)

/** Operators of pg_catalog are all harmless by themselves; their names are made of these characters only. */
export const OPERATOR = /^[+\-*/<>=~!@#%^&|`?]{1,63}$/

export interface KnownExtension {
  types: readonly string[]
  /** Functions that may stand in defaults, checks and indexes. */
  functions: readonly string[]
}

/** Extensions that PostgreSQL itself marks as trusted: a role without superuser may make them. */
export const trustedExtensions: ReadonlyMap<string, KnownExtension> = new Map([
  ['btree_gin', { types: [], functions: [] }],
  ['btree_gist', { types: [], functions: [] }],
  ['citext', { types: ['citext'], functions: ['citext'] }],
  ['cube', { types: ['cube'], functions: [] }],
  ['dict_int', { types: [], functions: [] }],
  ['fuzzystrmatch', { types: [], functions: ['soundex', 'levenshtein', 'metaphone', 'dmetaphone'] }],
  ['hstore', { types: ['hstore'], functions: ['hstore'] }],
  ['intarray', { types: ['query_int'], functions: [] }],
  ['isn', { types: ['ean13', 'isbn', 'isbn13', 'ismn', 'ismn13', 'issn', 'issn13', 'upc'], functions: [] }],
  ['lo', { types: ['lo'], functions: [] }],
  ['ltree', { types: ['ltree', 'lquery', 'ltxtquery'], functions: ['nlevel', 'subpath'] }],
  ['pg_trgm', { types: [], functions: ['similarity', 'show_trgm', 'word_similarity'] }],
  ['pgcrypto', { types: [], functions: ['gen_random_uuid', 'digest', 'crypt', 'gen_salt'] }],
  ['seg', { types: ['seg'], functions: [] }],
  ['tablefunc', { types: [], functions: [] }],
  ['tcn', { types: [], functions: [] }],
  ['tsm_system_rows', { types: [], functions: [] }],
  ['tsm_system_time', { types: [], functions: [] }],
  ['unaccent', { types: [], functions: ['unaccent'] }],
  [
    'uuid-ossp',
    {
      types: [],
      functions: ['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4', 'uuid_nil'],
    },
  ],
])
