"""The embedded model's forward pass on its own packed bits, by a kernel made with LLVM."""
