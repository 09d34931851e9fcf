import { expect, it } from '@jest/globals';
import { render, screen } from '@testing-library/react';
import { ProgressBar } from './progress-bar';

const bar = () => screen.getByRole('progressbar', { name: 'Sending' });

it('shows the progress, and 100 only when it is done', () => {
  const { rerender } = render(<ProgressBar label="Sending" value={0.999} text="3 MB of 12 MB" />);
  expect(bar()).toHaveAttribute('aria-valuenow', '99');
  expect(bar()).toHaveAttribute('aria-valuetext', '3 MB of 12 MB');
  rerender(<ProgressBar label="Sending" value={1} />);
  expect(bar()).toHaveAttribute('aria-valuenow', '100');
});

it('shows no share while it is unknown', () => {
  render(<ProgressBar label="Sending" value={undefined} />);
  expect(bar()).not.toHaveAttribute('aria-valuenow');
});

it.each([
  [-1, '0'],
  [7, '100'],
])('stays inside the bar: %d', (value, shown) => {
  render(<ProgressBar label="Sending" value={value} />);
  expect(bar()).toHaveAttribute('aria-valuenow', shown);
});
