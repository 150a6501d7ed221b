/** `healthy.js PORT`: ends with 0 when the service on that port can answer. The image has no curl. */
fetch(`http://127.0.0.1:${process.argv[2]}/health/ready`, { signal: AbortSignal.timeout(2_000) })
  .then((answer) => process.exit(answer.ok ? 0 : 1))
  .catch(() => process.exit(1));
