"""SQL of employees' names."""

FULL_NAME = "concat_ws(' ', nullif({0}.family_name, ''), nullif({0}.given_name, ''), nullif({0}.patronymic, ''))"
"""The full name, of the table alias {0}."""
BY_NAME = """translate(lower({0}.family_name), 'ё', 'е') COLLATE "C", translate(lower({0}.given_name), 'ё', 'е') COLLATE "C",
  translate(lower({0}.patronymic), 'ё', 'е') COLLATE "C" """
"""Alphabetical order of people, of the table alias {0}."""
