"""A plain Llama on its own packed bits, by a kernel made with LLVM; `model.opening` comes in."""
