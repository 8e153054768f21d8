"""Where the product's own files lie: the folder that holds the rooms, policies and demo."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
