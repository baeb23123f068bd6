"""GPUs by name: how fast they read and compute, what they hold, and what joins them.

Source:
    Bandwidth, operations and links from the makers' data sheets, operations without sparsity:
    NVIDIA A100 80GB SXM, H100 SXM, H200, HGX B200, L4, L40S, GeForce RTX 4090 (its Ada white paper,
    appendix A); AMD Instinct MI300X. NVLink's figure there is for both directions, so half of it
    stands here; a PCIe 4.0 ×16 slot moves 32 GB/s each way. Memory is what `nvidia-smi` (`amd-smi`)
    reports, in MiB, which is less than the name says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU.

    Attributes:
        name: As its maker calls it.
        bytes_per_s: Of memory bandwidth.
        memory_mib: As its driver reports it.
        bfloat16: Operations per second in 16 bit, dense.
        fp8: The same in FP8; 0 where it has no such units, and computes in 16 bit.
        link_bytes_per_s: To its neighbours, one way.
    """

    name: str
    bytes_per_s: float
    memory_mib: int
    bfloat16: float
    fp8: float
    link_bytes_per_s: float

    @property
    def memory_bytes(self) -> int:
        """What its driver reports, in bytes."""
        return self.memory_mib * 2**20

    def operations_per_s(self, computes: str) -> float:
        """Return how fast it multiplies what weights of a precision are computed in."""
        if computes == "fp8" and self.fp8:
            return self.fp8
        return self.bfloat16 / 2 if computes == "float32" else self.bfloat16


GPUS: Mapping[str, Gpu] = MappingProxyType(
    {
        gpu.name: gpu
        for gpu in (
            Gpu("B200", 8.0e12, 183_359, 2_250e12, 4_500e12, 900e9),
            Gpu("MI300X", 5.3e12, 196_592, 1_307e12, 2_615e12, 448e9),
            Gpu("H200", 4.8e12, 143_771, 989.4e12, 1_979e12, 450e9),
            Gpu("H100", 3.35e12, 81_559, 989.4e12, 1_979e12, 450e9),
            Gpu("A100", 2.039e12, 81_920, 312e12, 0, 300e9),
            Gpu("RTX 4090", 1.008e12, 24_564, 165.2e12, 330.3e12, 32e9),
            Gpu("L40S", 0.864e12, 46_068, 362e12, 733e12, 32e9),
            Gpu("L4", 0.3e12, 23_034, 121e12, 242e12, 32e9),
        )
    }
)
