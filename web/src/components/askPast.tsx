/** Warnings with a way past them: the server says what may be a mistake, a person decides (see `aggregates/warnings.py`). */
import { type ComponentType } from 'react';
import { Button, Group, List, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type Facts, list, record, text } from '@/lib/api/facts';
import { Declined, isProblem, type Problem } from '@/lib/api/problem';

/** What the window shows of one kind of warning after its sentence. */
export interface WarningView {
  readonly Details: ComponentType<{ readonly facts: Facts }>;
  /** Whether the details need a wide window. */
  readonly wide?: (facts: Facts) => boolean;
}

/** By kind; of a kind that isn't here the sentence alone is shown. */
export type WarningViews = Readonly<Record<string, WarningView>>;

interface Warning {
  readonly key: string;
  readonly sentence: string;
  readonly facts: Facts;
  readonly view: WarningView | undefined;
}

function warningsOf(problem: Problem, views: WarningViews): Warning[] {
  return list(problem.facts.warnings).map((value) => {
    const facts = record(value);
    return { key: text(facts.key), sentence: text(facts.sentence), facts, view: views[text(facts.kind)] };
  });
}

/** Resolves with the person's answer. */
function asked(warnings: readonly Warning[], anyway: string): Promise<boolean> {
  return new Promise((resolve) => {
    let past = false;
    const id = modals.open({
      title: 'Проверьте, всё ли верно',
      size: warnings.some(({ view, facts }) => view?.wide?.(facts)) ? 'xl' : 'md',
      onClose: () => resolve(past),
      children: (
        <Stack gap="md">
          <List spacing={6} aria-label="Предупреждения">
            {warnings.map(({ key, sentence, facts, view }) => (
              <List.Item key={key}>
                {sentence}
                {view !== undefined && <view.Details facts={facts} />}
              </List.Item>
            ))}
          </List>
          <Group justify="end" gap="sm">
            <Button variant="default" data-autofocus onClick={() => modals.close(id)}>
              Вернуться
            </Button>
            <Button
              onClick={() => {
                past = true;
                modals.close(id);
              }}
            >
              {anyway}
            </Button>
          </Group>
        </Stack>
      ),
    });
  });
}

/**
 * How a subject with these kinds of warnings asks: its function sends; where the server asks about something, it asks the person,
 * and sends once more with what they accepted. Warnings that have come up meanwhile are asked about too. It throws `Declined` when
 * the person goes back. Nobody is asked who isn't there any more (`isStillHere`): it throws what the server said.
 */
export function askingPast(views: WarningViews) {
  return async function askPast<T>(
    send: (accepted: readonly string[]) => Promise<T>,
    anyway: string,
    isStillHere: () => boolean,
  ): Promise<T> {
    let accepted: string[] = [];
    for (;;) {
      try {
        return await send(accepted);
      } catch (error) {
        if (!isProblem(error, 'needs_confirmation') || !isStillHere()) throw error;
        const warnings = warningsOf(error, views);
        if (!(await asked(warnings, anyway))) throw new Declined();
        accepted = warnings.map(({ key }) => key);
      }
    }
  };
}
