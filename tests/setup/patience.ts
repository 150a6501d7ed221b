// The tests of the whole system wait for conditions: each wait names its own bound, this one only ends what hangs.
jest.setTimeout(60_000);
