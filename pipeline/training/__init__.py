"""How the recogniser was made: drawn lines, the network, the trainer, the export.

Nothing imports this package; it may import anything. Its own needs (PyTorch, ONNX) are the
extra ``train``. ``python -m pipeline.training --help`` is the way in.
"""
