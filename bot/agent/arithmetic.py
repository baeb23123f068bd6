"""Sums for a chat model: numbers and + - * / ** only, and nothing that grows without bound."""

import ast
import math
import operator
from collections.abc import Callable

LONGEST_SUM = 120  # characters
GREATEST = 1e300  # of any value on the way: whole numbers stay short of 1,000 bits

_LARGEST_WHOLE = 1000  # an exponent up to which whole numbers stay whole

_Number = int | float


def calculated(expression: str) -> str:
    """Return an expression and its value, or what is wrong with it."""
    try:
        return f"{expression} = {_value_of(expression):,.10g}"
    except (ValueError, ArithmeticError, SyntaxError, RecursionError, MemoryError) as wrong:
        return f"That can't be worked out: {wrong}"


def _value_of(expression: str) -> _Number:
    if len(expression) > LONGEST_SUM:
        raise ValueError(f"it is over {LONGEST_SUM} characters long")
    return _value(ast.parse(expression.strip(), mode="eval").body)


def _value(node: ast.expr) -> _Number:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _bounded(_OPERATIONS[type(op)](_value(left), _value(right)))
    raise ValueError("write numbers, + - * / ** and brackets only")


def _bounded(value: _Number) -> _Number:
    if not abs(value) <= GREATEST:  # false for what is no number, too
        raise ValueError(f"a number in it is beyond {GREATEST:g}")
    return value


def _power(base: _Number, exponent: _Number) -> _Number:
    if base < 0 and exponent != int(exponent):
        raise ValueError("a root of a negative number is none of the real numbers")
    if base and exponent * math.log10(abs(base)) > math.log10(GREATEST):
        raise ValueError(f"a number in it is beyond {GREATEST:g}")
    return base**exponent if abs(exponent) <= _LARGEST_WHOLE else float(base) ** exponent


_OPERATIONS: dict[type[ast.operator], Callable[[_Number, _Number], _Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: _power,
}
