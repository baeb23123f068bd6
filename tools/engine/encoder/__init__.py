"""Sentences as vectors, through ONNX Runtime. Only importer of onnx and onnxruntime."""
