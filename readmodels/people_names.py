"""SQL of employees' names, for whatever shows people or lists them."""

FULL_NAME = "concat_ws(' ', nullif({0}.family_name, ''), nullif({0}.given_name, ''), nullif({0}.patronymic, ''))"
"""The name in one piece, of the table's alias {0}."""
BY_NAME = """translate(lower({0}.family_name), 'ё', 'е') COLLATE "C", translate(lower({0}.given_name), 'ё', 'е') COLLATE "C",
  translate(lower({0}.patronymic), 'ё', 'е') COLLATE "C" """
"""The alphabetic order of people, of the table's alias {0}."""
