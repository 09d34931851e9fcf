import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { MetricsService } from '../../src/platform/metrics/metrics.service.js';

interface Metric {
  readonly type: string;
  /** Unknown while it has no sample. */
  readonly labels: ReadonlySet<string> | undefined;
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}
interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const dashboard = JSON.parse(file('docker/observability/dashboard.json')) as Dashboard;
const { groups } = parse(file('docker/observability/alerts.yaml')) as {
  groups: readonly { rules: readonly Alert[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);
const documented = [
  ...file('docs/metrics.md').matchAll(/^\| `(\w+)` +\| (\w+) +\| ([^|]*?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm),
].map(([, name = '', type = '', labels = '', meaning = '', advice = '']) => ({
  name,
  type,
  labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).toSorted(),
  meaning,
  advice,
}));

/** Every label that a metric has shows only once something was counted. */
function exercise(metrics: MetricsService): void {
  metrics.requestTimer('GET', '/', 200).observe(0.1);
  metrics.redisScript('claim-secret').observe(0.1);
  metrics.secretCreated(true);
  metrics.burn('viewed');
  metrics.refused('gone');
  metrics.rateLimited('create');
  metrics.burnQuorum().refused();
}

async function exposed(): Promise<ReadonlyMap<string, Metric>> {
  const service = new MetricsService();
  exercise(service);
  const text = await service.expose();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Map(
    types.map(([, name = '', type = '']) => {
      const sample = new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'm').exec(text);
      const labels = [...(sample?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label = '']) => label);
      return [name, { type, labels: sample ? new Set(labels.filter((label) => label !== 'le')) : undefined }];
    }),
  );
}

const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'offset', 'bool']);
const GROUPING = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g;
const list = (names: string) => names.split(',').map((name) => name.trim());

/** What a PromQL expression names: anything but a function, word, label, string or number is a metric. */
function named(expression: string): { metrics: string[]; labels: string[] } {
  const plain = expression.replaceAll(/"[^"]*"/g, '""');
  const matchers = [...plain.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label = '']) => label);
  const grouped = [...plain.matchAll(GROUPING)].flatMap(([, names = '']) => list(names));
  const bare = plain.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ').replaceAll(GROUPING, ' ');
  const metrics = [...bare.matchAll(/(?<![\w.$])([a-zA-Z_:][\w:]*)(?!\w*\s*\()/g)]
    .map(([, name = '']) => name)
    .filter((name) => !WORDS.has(name));
  return { metrics, labels: [...matchers, ...grouped] };
}

let metrics: ReadonlyMap<string, Metric>;
beforeAll(async () => {
  metrics = await exposed();
});

function metricOf(name: string): Metric | undefined {
  const family = name.replace(/_(bucket|sum|count)$/, '');
  return metrics.get(name) ?? (metrics.get(family)?.type === 'histogram' ? metrics.get(family) : undefined);
}

/** Some of Node's own have no sample in a young process: for those the page's word counts. */
function labelsOf(name: string): Iterable<string> {
  const family = name.replace(/_(bucket|sum|count)$/, '');
  return metricOf(name)?.labels ?? documented.find((row) => row.name === family)?.labels ?? [];
}

/** @returns what an expression names and the code does not have */
function unknownIn(expression: string): string[] {
  const used = named(expression);
  const labels = new Set(['instance', 'le', ...used.metrics.flatMap((name) => [...labelsOf(name)])]);
  return [
    ...used.metrics.filter((name) => metricOf(name) === undefined),
    ...used.labels.filter((label) => !labels.has(label)),
  ];
}

const targets = dashboard.panels.flatMap(({ targets: all = [] }) => all);

describe('docs/metrics.md', () => {
  it('documents every metric that there is, and none that there is not', () => {
    expect(documented.map(({ name }) => name).toSorted()).toEqual([...metrics.keys()].toSorted());
  });

  it('says type and labels as they are', () => {
    for (const { name, type, labels } of documented) {
      const metric = metrics.get(name);
      expect({ name, type }).toEqual({ name, type: metric?.type });
      // Of Node's own some have a sample only later; each of ours must have one after exercise().
      if (name.startsWith('burnbag_'))
        expect({ name, sampled: metric?.labels !== undefined }).toEqual({ name, sampled: true });
      if (metric?.labels?.size)
        expect({ name, labels }).toEqual({ name, labels: [...metric.labels].toSorted() });
      else if (name.startsWith('burnbag_')) expect({ name, labels }).toEqual({ name, labels: [] });
    }
  });

  it('says of each what it means and what to do', () => {
    for (const { name, meaning, advice } of documented) {
      expect([name, meaning.length > 10, advice.length > 5]).toEqual([name, true, true]);
    }
  });
});

describe('the dashboard', () => {
  it('asks only for metrics and labels that exist', () => {
    for (const { expr, legendFormat } of targets) {
      expect([expr, named(expr).metrics.length > 0, unknownIn(expr)]).toEqual([expr, true, []]);
      const legend = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      const grouped = named(expr).labels;
      for (const label of legend) if (label !== 'instance') expect(grouped).toContain(label);
    }
    for (const { name, definition } of dashboard.templating.list) {
      if (definition === undefined) continue;
      const [, metric = ''] = /^label_values\((\w+), \w+\)$/.exec(definition) ?? [];
      expect([name, metrics.has(metric)]).toEqual([name, true]);
    }
  });

  it('shows everything that Burnbag itself counts', () => {
    const shown = new Set(
      targets.flatMap(({ expr }) =>
        named(expr).metrics.map((name) => name.replace(/_(bucket|sum|count)$/, '')),
      ),
    );
    const ours = [...metrics.keys()].filter((name) => name.startsWith('burnbag_'));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('the alert rules', () => {
  it('name only metrics and labels that exist', () => {
    for (const { alert, expr } of alerts) {
      expect([alert, named(expr).metrics.length > 0, unknownIn(expr)]).toEqual([alert, true, []]);
    }
  });

  it('have a name of their own, a severity, and say what to do', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { alert, labels, annotations } of alerts) {
      expect(alert).toMatch(/^Burnbag[A-Za-z]+$/);
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations).toEqual({ summary: expect.any(String), description: expect.any(String) });
    }
  });
});

describe('the reading of expressions', () => {
  it('takes whatever is misspelt for a metric or label that does not exist', () => {
    expect(unknownIn('sum by (kind) (rate(burnbag_rate_limited_total{instance="x"}[5m])) > 5')).toEqual([]);
    expect(unknownIn('bunbag_store_up == 0')).toEqual(['bunbag_store_up']);
    expect(unknownIn('max(burnbag_store_up_count)')).toEqual(['burnbag_store_up_count']);
    expect(unknownIn('rate(burnbag_burns_total{reason="viewed"}[5m])')).toEqual(['reason']);
    expect(unknownIn('sum by (route) (burnbag_burns_total)')).toEqual(['route']);
  });
});
