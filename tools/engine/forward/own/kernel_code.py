"""How vectors are multiplied by a packed matrix, and made one length, as a program for LLVM.

torch multiplies packed weights only by vectors that are rounded too; this rounds nothing. A weight
is unpacked in a register, and used for up to eight vectors while it is there.

    for each tile of this thread:           part
        for one, four or eight vectors:     part
            for each block of the row:      tile
                for each column of it:      tile
                    sum[row] += (scale[row] × integer[row] + floor[row]) × x[column]
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from tools.engine.weights.packed import BLOCK, EIGHT_BITS, FOUR_BITS, ROWS, SCALES

JOB = ("matrix", "x", "out", "blocks", "rows", "vectors")  # what `part` is given, 64 bits each
OPENMP = ("omp_get_thread_num", "omp_get_num_threads")
AT_ONCE = (8, 4, 1)  # vectors that a weight is used for while it is in a register
_LANES = 16  # numbers in a register of AVX-512; LLVM cuts them up for others
_HALVES = ROWS // _LANES
_SUMS = 4  # of the same row, for one vector: so that additions needn't wait for each other
_ANYWHERE = 1  # alignment of packed bytes

_I8, _I32, _I64, _FLOAT = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.FloatType()
_BYTES, _INTS = ir.VectorType(_I8, _LANES), ir.VectorType(_I32, _LANES)
_HALF_FLOATS, _FLOATS = ir.VectorType(ir.HalfType(), _LANES), ir.VectorType(_FLOAT, _LANES)
_ZERO = _I64(0)
_JOB = _I64.as_pointer()
_FMA = "llvm.fma.v16f32"


def module(*, has_openmp: bool) -> str:
    """Return the program: for each size of a block, 20 and 34, what does a job (see `JOB`).

    `part_20` is void(job, number of this thread, number of threads). Where there is OpenMP,
    `shared_20` is void(job), for each thread of a team. `normed` is void(x, weight, out, columns,
    vectors, epsilon), for one thread.
    """
    made = ir.Module("packed")
    ir.Function(made, ir.FunctionType(_FLOATS, [_FLOATS] * 3), _FMA)
    _normed(made)
    asked = [ir.Function(made, ir.FunctionType(_I32, []), name) for name in OPENMP if has_openmp]
    for size in (FOUR_BITS, EIGHT_BITS):
        tiles = {vectors: _tile(made, size, vectors) for vectors in AT_ONCE}
        part = _part(made, size, tiles)
        if has_openmp:
            _shared(made, size, part, asked)
    return str(made)


def _normed(made: Any) -> None:
    """Divide each vector by the root of its mean square, and multiply it by a weight."""
    pointers = [_FLOAT.as_pointer()] * 3
    kind = ir.FunctionType(ir.VoidType(), [*pointers, _I64, _I64, _FLOAT])
    normed = ir.Function(made, kind, "normed")
    root = ir.Function(made, ir.FunctionType(_FLOAT, [_FLOAT]), "llvm.sqrt.f32")
    x, weight, out, columns, vectors, epsilon = normed.args
    b = ir.IRBuilder(normed.append_basic_block())
    squares = _zeros(b)
    with _counting(b, vectors) as vector:
        b.store(_FLOATS([0.0] * _LANES), squares)
        mine, found = (b.gep(start, [b.mul(vector, columns)]) for start in (x, out))
        with _counting(b, columns, _LANES) as at:
            part = _sixteen(b, mine, at)
            b.store(_fma(b, part, part, b.load(squares)), squares)
        total = _FLOAT(0.0)
        for lane in range(_LANES):
            total = b.fadd(total, b.extract_element(b.load(squares), _I32(lane)))
        mean = b.fdiv(total, b.uitofp(columns, _FLOAT))
        scale = _spread(b, b.fdiv(_FLOAT(1.0), b.call(root, [b.fadd(mean, epsilon)])))
        with _counting(b, columns, _LANES) as at:
            scaled = b.fmul(b.fmul(_sixteen(b, mine, at), scale), _sixteen(b, weight, at))
            b.store(scaled, b.bitcast(b.gep(found, [at]), _FLOATS.as_pointer()), align=4)
    b.ret_void()


def _shared(made: Any, size: int, part: Any, asked: Sequence[Any]) -> None:
    """Do the part of the thread that calls."""
    shared = ir.Function(made, ir.FunctionType(ir.VoidType(), [_JOB]), f"shared_{size}")
    b = ir.IRBuilder(shared.append_basic_block())
    b.call(part, [shared.args[0], *(b.zext(b.call(ask, []), _I64) for ask in asked)])
    b.ret_void()


def _part(made: Any, size: int, tiles: dict[int, Any]) -> Any:
    """Multiply all vectors by one thread's share of the tiles."""
    kind = ir.FunctionType(ir.VoidType(), [_JOB, _I64, _I64])
    part = ir.Function(made, kind, f"part_{size}")
    job, mine, threads = part.args
    b = ir.IRBuilder(part.append_basic_block())
    told = [b.load(b.gep(job, [_I64(place)])) for place in range(len(JOB))]
    matrix = b.inttoptr(told[0], _I8.as_pointer())
    x, out = (b.inttoptr(address, _FLOAT.as_pointer()) for address in told[1:3])
    blocks, rows, vectors = told[3:]
    count, columns = b.udiv(rows, _I64(ROWS)), b.mul(blocks, _I64(BLOCK))
    first = b.udiv(b.mul(count, mine), threads)
    last = b.udiv(b.mul(count, b.add(mine, _I64(1))), threads)
    with _counting(b, last, start=first) as tile:
        weights = b.gep(matrix, [b.mul(tile, b.mul(blocks, _I64(size * ROWS)))])
        found = b.gep(out, [b.mul(tile, _I64(ROWS))])
        done = _ZERO
        for many in AT_ONCE:
            with _counting(b, vectors, many, done) as at:
                here = b.gep(x, [b.mul(at, columns)]), b.gep(found, [b.mul(at, rows)])
                b.call(tiles[many], [weights, *here, blocks, rows])
            done = at
    b.ret_void()
    return part


def _tile(made: Any, size: int, vectors: int) -> Any:
    """Multiply some vectors by the rows of one tile."""
    pointers = [_I8.as_pointer(), _FLOAT.as_pointer(), _FLOAT.as_pointer()]
    kind = ir.FunctionType(ir.VoidType(), [*pointers, _I64, _I64])
    tile = ir.Function(made, kind, f"tile_{size}_{vectors}")
    tile.linkage = "internal"
    weights, x, out, blocks, rows = tile.args
    b = ir.IRBuilder(tile.append_basic_block())
    columns = b.mul(blocks, _I64(BLOCK))
    many = max(1, _SUMS // vectors)
    sums = [[[_zeros(b) for _ in range(many)] for _ in range(_HALVES)] for _ in range(vectors)]
    with _counting(b, blocks) as at:
        block = b.gep(weights, [b.mul(at, _I64(size * ROWS))])
        xs = b.gep(x, [b.mul(at, _I64(BLOCK))])
        _block(b, size, block, [b.gep(xs, [b.mul(columns, _I64(n))]) for n in range(vectors)], sums)
    for number, halves in enumerate(sums):
        for half, parts in enumerate(halves):
            place = b.add(b.mul(rows, _I64(number)), _I64(half * _LANES))
            target = b.bitcast(b.gep(out, [place]), _FLOATS.as_pointer())
            b.store(_added(b, parts), target, align=4)
    b.ret_void()
    return tile


def _block(b: Any, size: int, block: Any, xs: Sequence[Any], sums: Any) -> None:
    """Add to each sum what 32 columns bring."""
    kinds, span = SCALES[size], 2 if size == FOUR_BITS else 1
    scales = [
        [
            b.fpext(_read(b, block, 2 * (kind * ROWS + half * _LANES), _HALF_FLOATS), _FLOATS)
            for kind in range(kinds)
        ]
        for half in range(_HALVES)
    ]
    integers = b.gep(block, [_I64(2 * kinds * ROWS)])
    steps = _SUMS // span
    with _counting(b, _I64(BLOCK // span), steps) as first:
        for step in range(steps):
            at = b.add(first, _I64(step))
            line = b.gep(integers, [b.mul(at, _I64(ROWS))])
            rows = [_weights(b, line, half, scales[half]) for half in range(_HALVES)]
            for which in range(span):
                column = b.add(at, _I64(which * BLOCK // 2))  # a pair is half a block apart
                for x, halves in zip(xs, sums, strict=True):
                    factor = _spread(b, b.load(b.gep(x, [column])))
                    for weights, parts in zip(rows, halves, strict=True):
                        part = parts[(step * span + which) % len(parts)]
                        b.store(_fma(b, weights[which], factor, b.load(part)), part)


def _weights(b: Any, line: Any, half: int, scales: Sequence[Any]) -> list[Any]:
    """Return the weights of 16 rows: of one column, or of two where a byte holds a pair."""
    raw = _read(b, line, half * _LANES, _BYTES)
    if len(scales) == 1:
        return [b.fmul(b.sitofp(b.sext(raw, _INTS), _FLOATS), scales[0])]
    pair = b.zext(raw, _INTS)
    integers = b.and_(pair, _INTS([15] * _LANES)), b.lshr(pair, _INTS([4] * _LANES))
    return [_fma(b, b.sitofp(integer, _FLOATS), *scales) for integer in integers]


@contextmanager
def _counting(b: Any, end: Any, step: int = 1, start: Any = _ZERO) -> Iterator[Any]:
    """Build a loop, and give its counter; it ends when no whole step is left before `end`."""
    before = b.block
    test, body, after = (b.append_basic_block(name) for name in ("test", "body", "after"))
    b.branch(test)
    b.position_at_end(test)
    counter = b.phi(_I64)
    counter.add_incoming(start, before)
    following = b.add(counter, _I64(step))
    b.cbranch(b.icmp_signed("<=", following, end), body, after)
    b.position_at_end(body)
    yield counter
    counter.add_incoming(following, b.block)
    b.branch(test)
    b.position_at_end(after)


def _zeros(b: Any) -> Any:
    place = b.alloca(_FLOATS)  # LLVM keeps it in a register
    b.store(_FLOATS([0.0] * _LANES), place)
    return place


def _added(b: Any, parts: Sequence[Any]) -> Any:
    total = b.load(parts[0])
    for part in parts[1:]:
        total = b.fadd(total, b.load(part))
    return total


def _read(b: Any, start: Any, offset: int, kind: Any) -> Any:
    place = b.bitcast(b.gep(start, [_I64(offset)]), kind.as_pointer())
    return b.load(place, align=_ANYWHERE)


def _sixteen(b: Any, start: Any, at: Any) -> Any:
    return b.load(b.bitcast(b.gep(start, [at]), _FLOATS.as_pointer()), align=4)


def _spread(b: Any, number: Any) -> Any:
    """Return a register with one number in every place."""
    one = b.insert_element(ir.Constant(_FLOATS, ir.Undefined), number, _I32(0))
    return b.shuffle_vector(one, ir.Constant(_FLOATS, ir.Undefined), _INTS([0] * _LANES))


def _fma(b: Any, one: Any, other: Any, more: Any) -> Any:
    return b.call(b.module.globals[_FMA], [one, other, more])
