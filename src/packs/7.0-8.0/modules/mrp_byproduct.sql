-- By-products of a mere component are by-products of the bill that it is part of.
UPDATE mrp_subproduct s SET bom_id = c.bom_id FROM bom_component c WHERE s.bom_id = c.id AND NOT c.parent_too;
