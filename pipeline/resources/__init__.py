"""The data of ``config/``, each file one frozen, typed structure that is read once per process.

``language`` (what Russian and its forms look like, written by hand), ``fitted`` (weights and
counts that programs made from data) and ``facsimile`` (what facsimiles are drawn from) have
one function for each file. A stage asks for its data where it begins; no stage sees an
untyped table.
"""
