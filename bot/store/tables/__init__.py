"""The tables, a noun a file. Discord's ids are 64 bit; times are UTC; 0 stands for "no class"."""
