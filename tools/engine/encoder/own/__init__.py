"""The encoder as a graph in 8 bits for ONNX Runtime; without torch. Only `opening` comes in."""
