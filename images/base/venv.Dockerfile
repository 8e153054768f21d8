# The slow layer of an image: a virtual environment from locked wheels, installed without network.
# The wheels stay behind in the first stage, and so do their own tests, a ninth of all bytes; compiled bytecode is
# kept, it saves 2.2 s at each start.
ARG BASE=hanare/base:local
FROM ${BASE} AS build
ARG VENV
LABEL hanare.stage=build
COPY wheels /wheels
COPY requirements.txt /requirements.txt
RUN python3 -m venv --without-pip "$VENV" \
 && if grep -q '==' /requirements.txt; then \
      python3 -m pip --python "$VENV/bin/python" --isolated install --no-index --find-links /wheels \
        --require-hashes --no-deps --no-compile --no-cache-dir --quiet -r /requirements.txt; \
    fi \
 && find "$VENV/lib" -type d -name tests -prune -exec rm -r {} + \
 && { "$VENV/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$VENV/lib" > /dev/null || true; }
# (a wheel may carry a template that is no Python; what fails to compile there fails when it is imported)

FROM ${BASE}
ARG VENV
COPY --from=build ${VENV} ${VENV}
