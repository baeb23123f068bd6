"""Vectors times packed matrices, compiled for this processor when first needed: a second, once.

It runs on torch's own threads, so that the two never compete for a core.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import torch
from torch import Tensor

from tools.engine.forward.own.kernel_code import JOB, OPENMP, module
from tools.engine.weights.packed import BLOCK, EIGHT_BITS, FOUR_BITS, ROWS

_LEVEL = 2  # of optimizing
_Job = ctypes.c_int64 * len(JOB)
_Norm = ctypes.CFUNCTYPE(
    None, *[ctypes.c_void_p] * 3, ctypes.c_int64, ctypes.c_int64, ctypes.c_float
)
_Part = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)


class Kernel:
    """Machine code, and how its threads are called together."""

    def __init__(self, openmp: ctypes.CDLL | None) -> None:
        """Compile; without an OpenMP, one thread does it all."""
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        for name in OPENMP if openmp else ():
            llvm.add_symbol(name, _address(openmp, name))
        self._code = _compiled(module(has_openmp=openmp is not None))  # holds the memory it is in
        self._runs = {
            size * ROWS: self._shared(size, openmp) if openmp else self._alone(size)
            for size in (FOUR_BITS, EIGHT_BITS)
        }
        self._norm = _Norm(self._code.get_function_address("normed"))

    def multiply(self, matrix: Tensor, x: Tensor) -> Tensor:
        """Return what the rows of a packed matrix make of some vectors.

        Args:
            matrix: As `packed.packed` makes it.
            x: float32, shape (vectors, columns).

        Returns:
            float32, shape (vectors, rows).

        Raises:
            ValueError: they don't fit each other, or the matrix lies in pieces.
        """
        tiles, blocks, size = matrix.shape
        if x.dtype != torch.float32 or x.shape[1] != blocks * BLOCK:
            raise ValueError(f"Not float32 of {blocks * BLOCK} columns: {x.dtype}, {x.shape}.")
        if matrix.dtype != torch.uint8 or not matrix.is_contiguous():
            raise ValueError(f"Not packed bytes in one piece: {matrix.dtype}, {matrix.stride()}.")
        x = x.contiguous()
        out = torch.empty(len(x), tiles * ROWS)
        at = matrix.data_ptr(), x.data_ptr(), out.data_ptr()
        job = _Job(*at, blocks, tiles * ROWS, len(x))
        self._runs[size](ctypes.addressof(job))
        return out

    def normed(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
        """Return vectors divided by the root of their mean square, times a weight.

        torch takes six steps for it, each longer than all of this.

        Args:
            x: float32, shape (vectors, columns); the columns a multiple of 16.
            weight: float32, shape (columns,).
            epsilon: Added to the mean square.

        Source:
            Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4.
        """
        vectors, columns = x.shape
        if {x.dtype, weight.dtype} != {torch.float32} or weight.shape != (columns,) or columns % 16:
            raise ValueError(f"Not float32 of the same columns: {x.shape}, {weight.shape}.")
        x, weight = x.contiguous(), weight.contiguous()
        out = torch.empty_like(x)
        at = x.data_ptr(), weight.data_ptr(), out.data_ptr()
        self._norm(*at, columns, vectors, epsilon)
        return out

    def _alone(self, size: int) -> Callable[[int], None]:
        part = _Part(self._code.get_function_address(f"part_{size}"))
        return lambda job: part(job, 0, 1)

    def _shared(self, size: int, openmp: ctypes.CDLL) -> Callable[[int], None]:
        """Return what shares a job out; `GOMP_parallel` is how GCC's programs ask for it."""
        work = self._code.get_function_address(f"shared_{size}")
        parallel = openmp.GOMP_parallel
        parallel.argtypes = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint
        parallel.restype = None
        return lambda job: parallel(work, job, torch.get_num_threads(), 0)


@cache
def kernel() -> Kernel:
    """Return the one of this process, compiled at the first call."""
    return Kernel(openmp())


def openmp() -> ctypes.CDLL | None:
    """Return the OpenMP that torch brought, where it can be asked as GCC's is: on Linux."""
    found = ctypes.CDLL(torch._C.__file__)  # and what that has loaded
    return found if all(hasattr(found, name) for name in (*OPENMP, "GOMP_parallel")) else None


def _compiled(text: str) -> Any:
    machine = _machine()
    code = llvm.parse_assembly(text)
    tuning = llvm.create_pipeline_tuning_options(speed_level=_LEVEL)
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(code, passes)
    compiled = llvm.create_mcjit_compiler(code, machine)
    compiled.finalize_object()
    return compiled


def _machine() -> Any:
    features = llvm.get_host_cpu_features()
    flags = features.flatten()
    if features.get("avx512f"):
        flags += ",-prefer-256-bit"  # or LLVM leaves half of each register empty
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=flags, opt=_LEVEL, jit=True
    )


def _address(library: ctypes.CDLL | None, name: str) -> int:
    return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
