# Depesha with Tesseract, for machines on which nothing shall be installed. Not run as root.
#
#   docker build -t depesha .
#   docker run --rm --user "$(id -u):$(id -g)" -v /mnt/scans:/scans:ro -v /mnt/texts:/outputs depesha
#   docker run --rm -v /mnt/texts:/outputs:ro depesha doubts /outputs
FROM debian:bookworm-slim AS build
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY .ci/requirements.lock .ci/
COPY config config
COPY pipeline pipeline
# The versions that the tests ran with, without the tools of development.
RUN python3 -m venv /opt/depesha \
    && /opt/depesha/bin/pip install --no-cache-dir -q -c .ci/requirements.lock ".[export,review,cluster]" \
    && /opt/depesha/bin/pip uninstall -q -y pip

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends python3 tesseract-ocr tesseract-ocr-rus \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home depesha \
    && install -d -o depesha -g depesha /scans /outputs
COPY --from=build /opt/depesha /opt/depesha
ENV PATH=/opt/depesha/bin:$PATH LANG=C.UTF-8 OMP_THREAD_LIMIT=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
USER depesha
VOLUME ["/scans", "/outputs"]
WORKDIR /outputs
ENTRYPOINT ["depesha"]
CMD ["run", "/scans", "--out", "/outputs"]
