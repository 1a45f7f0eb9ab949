/** The tables of the registry, as small as the engine needs them, with a module base that is installed. */
export const registry = `
  CREATE TABLE ir_module_module (id serial, name varchar, state varchar, latest_version varchar);
  CREATE TABLE ir_model (id serial, model varchar, name varchar, state varchar DEFAULT 'base');
  CREATE TABLE ir_model_fields (id serial, model varchar, model_id integer, name varchar, ttype varchar, relation varchar,
    field_description varchar, state varchar DEFAULT 'base');
  CREATE TABLE ir_model_data (id serial, module varchar, name varchar, model varchar, res_id integer, noupdate boolean,
    create_date timestamp, write_date timestamp, date_update timestamp);
  INSERT INTO ir_module_module (name, state, latest_version) VALUES ('base', 'installed', '7.0.1.3');`

/** Registers models with their fields, and gives both xmlids: {'res.partner': {name: 'char', parent_id: 'many2one res.partner'}}. */
export function models(module: string, declared: Record<string, Record<string, string>>): string {
  return Object.entries(declared)
    .flatMap(([model, fields]) => [
      `INSERT INTO ir_model (model, name) SELECT '${model}', '${model}' WHERE NOT EXISTS (SELECT FROM ir_model WHERE model = '${model}')`,
      `INSERT INTO ir_model_data (module, name, model, res_id)
       SELECT '${module}', 'model_' || replace(model, '.', '_'), 'ir.model', id FROM ir_model m WHERE model = '${model}'
          AND NOT EXISTS (SELECT FROM ir_model_data d WHERE d.model = 'ir.model' AND d.res_id = m.id AND d.module = '${module}')`,
      ...Object.entries(fields).flatMap(([name, definition]) => {
        const [type, relation = ''] = definition.split(' ')
        return [
          `INSERT INTO ir_model_fields (model, model_id, name, ttype, relation, field_description)
           SELECT model, id, '${name}', '${type}', nullif('${relation}', ''), '${name}' FROM ir_model WHERE model = '${model}'
              AND NOT EXISTS (SELECT FROM ir_model_fields WHERE model = '${model}' AND name = '${name}')`,
          `INSERT INTO ir_model_data (module, name, model, res_id)
           SELECT '${module}', 'field_' || replace(model, '.', '_') || '_' || name, 'ir.model.fields', id
             FROM ir_model_fields WHERE model = '${model}' AND name = '${name}'`,
        ]
      }),
    ])
    .join(';\n')
}

/** Statements that give records xmlids: {'base.main_partner': ['res.partner', 1]}, protected from updates with a third `true`. */
export function xmlids(named: Record<string, [model: string, id: number, noupdate?: boolean]>): string {
  return Object.entries(named)
    .map(([xmlid, [model, id, noupdate = false]]) => {
      const [module, name] = xmlid.split('.')
      return `INSERT INTO ir_model_data (module, name, model, res_id, noupdate) VALUES ('${module}', '${name}', '${model}', ${id}, ${noupdate})`
    })
    .join(';\n')
}
