/**
 * Tables that the program itself fills and empties: the terms of modules with their translations, the steps of workflows,
 * messages between browsers. Fewer rows are no loss of anything that people made; translations of their own records are
 * an invariant by themselves.
 */
export const bookKeeping: ReadonlySet<string> = new Set([
  'ir_translation',
  'wkf_instance',
  'wkf_workitem',
  'wkf_triggers',
  'bus_bus',
  'bus_presence',
  'im_chat_presence',
  'ir_profile',
  'ir_logging',
])
