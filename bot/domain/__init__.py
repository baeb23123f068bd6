"""The rules of learning. Pure: the standard library and curriculum.schema, nothing else."""
