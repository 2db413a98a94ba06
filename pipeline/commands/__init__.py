"""What each command of ``depesha`` does: settings and options in, exit code out.

The command NAME is the function ``NAME`` in the module ``NAME``; :mod:`pipeline.cli` imports
the one that was asked for.
"""
