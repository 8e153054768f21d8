"""What runs inside the desk image when its Jupyter-facing modules are tested: no test by itself."""
