/**
 * Names that PostgreSQL itself brings, by the major version that brought them. From 10 on: the difference of
 * `SELECT proname FROM pg_proc` (typname of pg_type, oprname of pg_operator) between servers of consecutive majors;
 * before: the release notes of 9.1 to 9.6. Names that were there in 9.0 are not listed, nor those that no
 * expression of a table, an index or a view can use.
 */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '9.1':
    'concat concat_ws format left reverse right xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlexists xpath_exists pg_describe_object',
  '9.2':
    'array_to_json daterange int4range int8range isempty lower_inc lower_inf numrange pg_collation_for pg_trigger_depth row_to_json tsrange tstzrange upper_inc upper_inf',
  '9.3':
    'array_remove array_replace json_agg json_array_element json_array_element_text json_array_elements json_array_length json_each json_each_text json_extract_path json_extract_path_text json_object_field json_object_field_text json_object_keys json_populate_record json_populate_recordset to_json',
  '9.4':
    'cardinality json_array_elements_text json_build_array json_build_object json_object json_object_agg json_to_record json_to_recordset json_typeof jsonb_array_element jsonb_array_element_text jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_contained jsonb_contains jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any jsonb_extract_path jsonb_extract_path_text jsonb_object_field jsonb_object_field_text jsonb_object_keys jsonb_populate_record jsonb_populate_recordset jsonb_to_record jsonb_to_recordset jsonb_typeof make_date make_interval make_time make_timestamp make_timestamptz mode percentile_cont percentile_disc to_regclass to_regoper to_regoperator to_regproc to_regprocedure to_regtype',
  '9.5':
    'array_position array_positions json_strip_nulls jsonb_agg jsonb_build_array jsonb_build_object jsonb_concat jsonb_delete jsonb_delete_path jsonb_object jsonb_object_agg jsonb_pretty jsonb_set jsonb_strip_nulls pg_xact_commit_timestamp range_merge row_security_active to_jsonb to_regnamespace to_regrole',
  '9.6':
    'acosd array_to_tsvector asind atan2d atand cosd cotd jsonb_insert num_nonnulls num_nulls parse_ident phraseto_tsquery pg_size_bytes scale setweight_by_filter sind tand ts_delete ts_filter tsquery_phrase tsvector_to_array',
  '10': 'macaddr8 macaddr8_set7bit pg_get_partkeydef pg_sequence_last_value regexp_match txid_current_if_assigned txid_status',
  '11': 'json_to_tsvector jsonb_to_tsvector sha224 sha256 sha384 sha512 starts_with websearch_to_tsquery',
  '12': 'acosh asinh atanh cosh jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first log10 sinh tanh',
  '13': 'gcd gen_random_uuid is_normalized jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_path_query_tz jsonb_set_lax lcm min_scale normalize pg_current_xact_id pg_current_xact_id_if_assigned to_regcollation trim_scale',
  '14': 'bit_count bit_xor date_bin datemultirange extract multirange nummultirange pg_column_compression range_agg range_intersect_agg string_to_table trim_array tsmultirange tstzmultirange unistr',
  '15': 'regexp_count regexp_instr regexp_like regexp_substr',
  '16': 'any_value array_sample array_shuffle date_add date_subtract erf erfc json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict jsonb_agg_strict jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict random_normal system_user',
  '17': 'jsonb_populate_record_valid pg_basetype to_bin to_oct to_regtypemod unicode_assigned unicode_version uuid_extract_timestamp uuid_extract_version xmltext',
  '18': 'array_reverse array_sort casefold crc32 crc32c gamma lgamma uuidv4 uuidv7',
}

const TYPES: Readonly<Record<string, string>> = {
  '9.1': 'pg_node_tree',
  '9.2': 'daterange int4range int8range json numrange tsrange tstzrange',
  '9.4': 'jsonb pg_lsn',
  '9.5': 'regnamespace regrole',
  '10': 'macaddr8',
  '12': 'jsonpath',
  '13': 'pg_snapshot regcollation xid8',
  '14': 'datemultirange int4multirange int8multirange nummultirange tsmultirange tstzmultirange',
}

const OPERATORS: Readonly<Record<string, string>> = {
  '9.1': '<->',
  '9.2': '-|-',
  '9.3': '-> ->> #> #>>',
  '9.4': '? ?| ?&',
  '9.5': '#-',
  '11': '^@',
  '12': '@?',
}

export type Builtins = ReadonlyMap<string, number>

export const functionsSince = firstMajors(FUNCTIONS)
export const typesSince = firstMajors(TYPES)
export const operatorsSince = firstMajors(OPERATORS)

function firstMajors(byMajor: Readonly<Record<string, string>>): Builtins {
  return new Map(
    Object.entries(byMajor).flatMap(([major, names]) =>
      names.split(' ').map((name): [string, number] => [name, asNumber(major)]),
    ),
  )
}

function asNumber(major: string): number {
  const [first, second] = major.split('.').map(Number)
  return second === undefined ? first! : first! + second / 100
}
