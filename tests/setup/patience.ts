// Tests that need servers wait for conditions: each wait names its own bound, this one only ends what hangs.
jest.setTimeout(60_000);
