"""Presidio with GiNZA's model and its labels mapped, over lines of text: run by the peer's own Python.

Reads a JSON list of texts, writes ``{"seconds": s, "rss_mb": m, "hits": [[[start, end, type], …], …]}``. The
labels are mapped because stock Presidio drops every label of GiNZA; dates and numbers of the model are
left out, which helps the peer (they are false alarms only).
"""

import json
import resource
import sys
import time
from pathlib import Path

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

CONFIGURATION = {
    "nlp_engine_name": "spacy",
    "models": [{"lang_code": "ja", "model_name": "ja_ginza"}],
    "ner_model_configuration": {
        "model_to_presidio_entity_mapping": {
            "Person": "PERSON",
            "Province": "LOCATION",
            "City": "LOCATION",
            "County": "LOCATION",
            "Country": "LOCATION",
            "School": "ORGANIZATION",
            "Company": "ORGANIZATION",
        },
        "low_score_entity_names": [],
        "labels_to_ignore": ["Date", "Time", "N_Person", "Age", "Percent", "Money", "Ordinal_Number"],
    },
}


def main(arguments: list[str]) -> int:
    """Analyse every text of a file."""
    texts = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=CONFIGURATION).create_engine(),
        supported_languages=["ja"],
    )
    began = time.perf_counter()
    hits = [
        [[hit.start, hit.end, hit.entity_type] for hit in engine.analyze(text, language="ja")]
        for text in texts
    ]
    answer = {
        "seconds": time.perf_counter() - began,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "hits": hits,
    }
    Path(arguments[1]).write_text(json.dumps(answer), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
