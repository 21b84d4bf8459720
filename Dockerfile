FROM python:3.11-slim
WORKDIR /app
RUN useradd --system --create-home --home-dir /app/home tbtwatch && mkdir -p /app/var && chown tbtwatch /app/var
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY watcher watcher
COPY rules rules
COPY subscriptions subscriptions
COPY notifiers notifiers
COPY tbtwatch tbtwatch
COPY config config
RUN pip install --no-cache-dir -c constraints.txt -e .
USER tbtwatch
VOLUME /app/var
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "tbtwatch init && exec tbtwatch run"]
