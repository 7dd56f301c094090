// What bench/run and bench/run gpu measure: each work once, for every contender alike. Goals are for a machine whose packed multiplications and
// additions reach kGoalPeak in WebAssembly on one core; on others they are scaled by what is measured there.

export const kGoalPeak = 57e9; // floating-point operations a second
export const kBatch = 32;

const conv_work = (id, title, sizes, goal) => {
  const { n, c, h, k, r, pad } = sizes;
  const p = h + 2 * pad - r + 1;
  return { id, title, unit: 'GFLOP/s', goal, threads: [1, 2], sizes, amount: (2 * n * k * p * p * c * r * r) / 1e9 };
};

const matmul_work = (size) => ({ id: `matmul-${size}`, title: `matmul ${size}`, unit: 'GFLOP/s', size, amount: (2 * size ** 3) / 1e9 });

/** goal: [1 thread, 2 threads] where both count. amount: what one call does, in the unit's numerator. */
export const kWorks = [
  { id: 'lenet', title: 'train LeNet, batch 32', unit: 'images/s', goal: [2300, 4000], threads: [1, 2], trains: true },
  { id: 'mlp', title: 'train MLP 784-128-10, batch 32', unit: 'images/s', goal: [null, 100000], threads: [1, 2], trains: true },
  { id: 'small-10', title: 'train 2-4-2-1 tanh, batch 10', unit: 'points/s', goal: [10e6], threads: [1], trains: true, batch: 10 },
  { id: 'small-500', title: 'train 2-4-2-1 tanh, batch 500', unit: 'points/s', goal: [20e6], threads: [1], trains: true, batch: 500 },
  { ...matmul_work(512), goal: [43, 82], threads: [1, 2] },
  conv_work('conv-28', 'conv forward 28×28×1, 5×5, 20 maps', { n: 32, c: 1, h: 28, k: 20, r: 5, pad: 0 }, [null, 42]),
  conv_work('conv-12', 'conv forward 12×12×20, 5×5, 50 maps', { n: 32, c: 20, h: 12, k: 50, r: 5, pad: 0 }, [null, 72]),
  conv_work('conv-32', 'conv forward 32×32×16, 3×3 same, 32 maps', { n: 32, c: 16, h: 32, k: 32, r: 3, pad: 1 }, [null, 78]),
  { id: 'forward', title: 'LeNet forward, one image', unit: 'ms', goal: [null, 0.12], threads: [1, 2], amount: 1 },
];

/** With its gradients to the picture and to the kernel: three sums of as many products. */
const with_gradients = (work) => ({ ...work, id: `${work.id}-gradients`, title: work.title.replace('forward', 'and gradients'), amount: 3 * work.amount, gradients: true });

const the = (id) => kWorks.find((work) => work.id === id);

/** For graphics adapters. */
export const kGpuWorks = [
  ...[256, 512, 1024, 2048, 4096].map(matmul_work),
  the('conv-28'), the('conv-12'), the('conv-32'), with_gradients(the('conv-12')), with_gradients(the('conv-32')),
  the('lenet'), { ...the('lenet'), id: 'lenet-256', title: 'train LeNet, batch 256' },
  the('mlp'), { ...the('mlp'), id: 'mlp-256', title: 'train MLP 784-128-10, batch 256' },
];

export const work_of = (id) => [...kWorks, ...kGpuWorks].find((work) => work.id === id);

/** Networks' layers, of which each contender builds its own. */
const kDigits = {
  lenet: {
    input: [1, 28, 28], batch: kBatch, lr: 0.01, classes: true,
    layers: [
      { type: 'conv', maps: 20, kernel: 5, activation: 'relu' }, { type: 'max-pool', window: 2 },
      { type: 'conv', maps: 50, kernel: 5, activation: 'relu' }, { type: 'max-pool', window: 2 },
      { type: 'dense', units: 500, activation: 'relu' }, { type: 'dense', units: 10 },
    ],
  },
  mlp: { input: [784], batch: kBatch, lr: 0.01, classes: true, layers: [{ type: 'dense', units: 128, activation: 'relu' }, { type: 'dense', units: 10 }] },
};
const large_batch = (of) => ({ ...kDigits[of], of, batch: 256 });

/** `of`: the network whose layers these are, with another batch. */
export const kNetworks = {
  ...kDigits,
  'lenet-256': large_batch('lenet'),
  'mlp-256': large_batch('mlp'),
  'small-10': small(10),
  'small-500': small(500),
};

function small(batch) {
  return { input: [2], batch, lr: 0.03, classes: false, layers: [4, 2, 1].map((units) => ({ type: 'dense', units, activation: 'tanh' })) };
}
