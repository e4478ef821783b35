"""What the second verifier refuses with, and JSON as strict as FORMAT.md asks for.

It is for the modules beside it; it refuses names that are repeated, numbers with fraction or exponent, and what is nested too deep.
"""

import json
import re


class Bad(Exception):
    """The evidence does not hold; why."""


def need(held, why):
    if not held:
        raise Bad(why)


def _object(pairs):
    fields = dict(pairs)
    need(len(fields) == len(pairs), "a name is repeated")
    return fields


def _integer(text):
    need(len(text) <= 17 and abs(int(text)) < 1 << 53 and text != "-0", "an integer too large")
    return int(text)


def _refused(text):
    raise Bad(f"{text} is not an integer")


# An escape of half a surrogate pair is no character, which Python lets pass.
HALF = re.compile("[\ud800-\udfff]")


def _judge(value, depth):
    need(depth <= 32, "nested too deep")
    if isinstance(value, str):
        need(not HALF.search(value), "half a surrogate pair")
    elif isinstance(value, dict):
        for name, item in value.items():
            need(not HALF.search(name), "half a surrogate pair")
            _judge(item, depth + isinstance(item, (dict, list)))
    elif isinstance(value, list):
        for item in value:
            _judge(item, depth + isinstance(item, (dict, list)))


def strict_json(data):
    """One object; the outermost counts as the first level of 32."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_object, parse_int=_integer, parse_float=_refused, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise Bad("this is not JSON") from None
    need(isinstance(value, dict), "JSON that is not an object")
    _judge(value, 1)
    return value
