"""What runs a model: the contract here, an engine a folder. torch is loaded late, if at all."""
